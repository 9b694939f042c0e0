use domain::text::TagSlug;

use super::{Namespace, Partition};

impl Namespace<TagSlug> {
    /// The partition of a tag.
    pub fn of_tag(&self, slug: &TagSlug) -> Partition {
        Partition(format!("{}#{slug}", self.shape.name))
    }
}
