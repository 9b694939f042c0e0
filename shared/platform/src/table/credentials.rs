//! DynamoDB clients whose credentials give access to one tenant's items alone.
//!
//! The function assumes its own role again with the session tag `TenantId`, and the role's policy compares
//! the tag with the partition keys of each call.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use domain::id::TenantId;
use lru::LruCache;

use super::StoreError;
use crate::aws::with_endpoint;
use crate::tenancy::Tenant;

/// The number of sessions that are cached. `unwrap` is evaluated at compile time.
const SESSIONS: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();
/// AWS's maximum for a role that assumes a role.
const SESSION_SECONDS: i32 = 3_600;
/// How long before its expiry a session is replaced.
const RENEW_BEFORE: Duration = Duration::from_secs(300);

/// Opens sessions for tenants and caches them.
pub(crate) struct TenantCredentials {
    shared: SdkConfig,
    sts: aws_sdk_sts::Client,
    role_arn: String,
    sessions: Mutex<LruCache<TenantId, Session>>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Session {
    client: aws_sdk_dynamodb::Client,
    expires: SystemTime,
}

impl TenantCredentials {
    pub(crate) fn new(shared: &SdkConfig, role_arn: String) -> Self {
        Self {
            sts: aws_sdk_sts::Client::new(&with_endpoint(shared, "AWS_ENDPOINT_URL_STS")),
            shared: with_endpoint(shared, "AWS_ENDPOINT_URL_DYNAMODB"),
            role_arn,
            sessions: Mutex::new(LruCache::new(SESSIONS)),
            asking: tokio::sync::Mutex::new(()),
        }
    }

    pub(crate) async fn client(&self, tenant: &Tenant) -> Result<aws_sdk_dynamodb::Client, StoreError> {
        if let Some(session) = self.cached(tenant.id()) {
            return Ok(session.client);
        }
        // One session is opened at a time, so that concurrent calls share the first one's.
        let _turn = self.asking.lock().await;
        if let Some(session) = self.cached(tenant.id()) {
            return Ok(session.client);
        }
        let session = self.assume(tenant.id()).await?;
        let client = session.client.clone();
        self.lock().put(tenant.id(), session);
        Ok(client)
    }

    fn cached(&self, tenant: TenantId) -> Option<Session> {
        let fresh_until = SystemTime::now() + RENEW_BEFORE;
        self.lock().get(&tenant).filter(|session| session.expires > fresh_until).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<TenantId, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn assume(&self, tenant: TenantId) -> Result<Session, StoreError> {
        let tag = aws_sdk_sts::types::Tag::builder()
            .key("TenantId")
            .value(tenant.to_string())
            .build()
            .map_err(StoreError::unavailable)?;
        let answer = self
            .sts
            .assume_role()
            .role_arn(&self.role_arn)
            .role_session_name(tenant.to_string())
            .duration_seconds(SESSION_SECONDS)
            .tags(tag)
            .send()
            .await
            .map_err(StoreError::unavailable)?;
        let issued =
            answer.credentials.ok_or_else(|| StoreError::corrupt("AssumeRole answered no credentials"))?;
        let expires = SystemTime::try_from(issued.expiration).map_err(StoreError::unavailable)?;
        let credentials = Credentials::new(
            issued.access_key_id,
            issued.secret_access_key,
            Some(issued.session_token),
            Some(expires),
            "tenant-session",
        );
        let config = self
            .shared
            .to_builder()
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        Ok(Session { client: aws_sdk_dynamodb::Client::new(&config), expires })
    }
}
