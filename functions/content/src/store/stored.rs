//! The stored form of a post's state: JSON, deflated, behind a byte that says so.

use std::io::{Read, Write};

use domain::id::PostId;
use domain::post::{Authors, Body, Content, Post, Seo, Stage, Tags, Visibility};
use domain::text::{Excerpt, Markdown, PostSlug, PostTitle};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;
use platform::table::StoreError;
use serde::{Deserialize, Serialize};

const DEFLATED_JSON: u8 = 1;
/// An item may have 400 KB; the rest is for its keys, its event and names of attributes.
const LARGEST: usize = 390_000;
/// More than any state has, so that a damaged one does not fill the memory.
const LARGEST_JSON: u64 = 8 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    title: PostTitle,
    slug: PostSlug,
    markdown: Markdown,
    html: String,
    beginning: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<Excerpt>,
    tags: Tags,
    authors: Authors,
    featured: bool,
    seo: Seo,
    visibility: Visibility,
    stage: StoredStage,
    changed_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "status", content = "at", rename_all = "camelCase")]
enum StoredStage {
    Draft,
    Scheduled(Timestamp),
    Published(Timestamp),
}

pub(super) fn state(post: &Post) -> Result<Vec<u8>, StoreError> {
    let Post { content, stage, changed_at, .. } = post.clone();
    let Content { title, slug, body, excerpt, tags, authors, is_featured, seo, visibility } = content;
    let Body { markdown, html, beginning } = body;
    let stage = match stage {
        Stage::Draft => StoredStage::Draft,
        Stage::Scheduled(at) => StoredStage::Scheduled(at),
        Stage::Published(at) => StoredStage::Published(at),
    };
    let state = State {
        title,
        slug,
        markdown,
        html,
        beginning,
        excerpt,
        tags,
        authors,
        featured: is_featured,
        seo,
        visibility,
        stage,
        changed_at,
    };
    let json = serde_json::to_vec(&state).map_err(StoreError::corrupt)?;
    let mut deflated = DeflateEncoder::new(vec![DEFLATED_JSON], Compression::default());
    deflated.write_all(&json).map_err(StoreError::corrupt)?;
    deflated.finish().map_err(StoreError::corrupt)
}

/// Whether the post can be stored: text without any repetition takes more room than the same length of words.
pub(crate) fn fits(post: &Post) -> Result<bool, StoreError> {
    Ok(state(post)?.len() <= LARGEST)
}

pub(super) fn read(id: PostId, state: &[u8]) -> Result<Post, StoreError> {
    let json = match state {
        [DEFLATED_JSON, deflated @ ..] => {
            let mut json = Vec::new();
            let read = DeflateDecoder::new(deflated).take(LARGEST_JSON).read_to_end(&mut json);
            read.map_err(StoreError::corrupt)?;
            json
        }
        [form, ..] => return Err(StoreError::Unknown(format!("{id} is stored in the form {form}"))),
        [] => return Err(StoreError::corrupt("an empty state")),
    };
    // The parser's own words may quote what a person has written.
    let state: State = serde_json::from_slice(&json)
        .map_err(|error| StoreError::corrupt(format!("{id} cannot be read, at column {}", error.column())))?;
    let stage = match state.stage {
        StoredStage::Draft => Stage::Draft,
        StoredStage::Scheduled(at) => Stage::Scheduled(at),
        StoredStage::Published(at) => Stage::Published(at),
    };
    let content = Content {
        title: state.title,
        slug: state.slug,
        body: Body { markdown: state.markdown, html: state.html, beginning: state.beginning },
        excerpt: state.excerpt,
        tags: state.tags,
        authors: state.authors,
        is_featured: state.featured,
        seo: state.seo,
        visibility: state.visibility,
    };
    Ok(Post { id, content, stage, changed_at: state.changed_at })
}
