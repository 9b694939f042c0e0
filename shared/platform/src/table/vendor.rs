//! Vendors: functions that open sessions for tenants, and so choose the tenant whose data they reach.
//!
//! A vendor assumes a role with the tags `TenantId` and `Access`. The role's policy compares the first with the
//! partition keys of each call, and allows what the class of access needs. The role's trust policy gives a
//! vendor the one class that its own role is tagged with.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_sdk_sts::types::{Credentials, Tag};
use aws_types::SdkConfig;
use domain::id::TenantId;
use lru::LruCache;

use super::{AccessClass, Scope, StoreError, TenantTable};
use crate::aws::with_endpoint;
use crate::config::{ConfigError, required};
use crate::tenancy::{Tenant, TenantCredentials};

/// The number of sessions that are cached. `unwrap` is evaluated at compile time.
const SESSIONS: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();
/// AWS's minimum.
const SESSION_SECONDS: i32 = 900;
/// How long before its expiry a session is replaced. The gateway uses an authorizer's answer for a minute, and a
/// request that is handed it then takes half a minute at most.
const RENEW_BEFORE: Duration = Duration::from_secs(300);

/// Opens sessions of one class for tenants, and caches them.
pub(crate) struct Vendor {
    table: TenantTable,
    sts: aws_sdk_sts::Client,
    role_arn: String,
    class: AccessClass,
    sessions: Mutex<LruCache<TenantId, Session>>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Session {
    credentials: TenantCredentials,
    expires: SystemTime,
}

impl Vendor {
    pub(crate) fn open(shared: &SdkConfig, class: AccessClass) -> Result<Self, ConfigError> {
        let (table, role_arn) = (required("TENANT_TABLE")?, required("TENANT_ROLE_ARN")?);
        Ok(Self::new(shared, class, table, role_arn))
    }

    pub(crate) fn new(shared: &SdkConfig, class: AccessClass, table: String, role_arn: String) -> Self {
        Self {
            table: TenantTable::new(shared, table),
            sts: aws_sdk_sts::Client::new(&with_endpoint(shared, "AWS_ENDPOINT_URL_STS")),
            role_arn,
            class,
            sessions: Mutex::new(LruCache::new(SESSIONS)),
            asking: tokio::sync::Mutex::new(()),
        }
    }

    /// The tenant's part of the table, with a session of this vendor's class.
    pub(crate) async fn scope(&'static self, tenant: Tenant) -> Result<Scope, StoreError> {
        Ok(self.scope_with(tenant, &self.credentials(&tenant).await?))
    }

    pub(crate) fn scope_with(&'static self, tenant: Tenant, credentials: &TenantCredentials) -> Scope {
        let scope = self.table.within(tenant, credentials);
        if self.class.is_of_operators() { scope.audited() } else { scope }
    }

    pub(crate) async fn credentials(&self, tenant: &Tenant) -> Result<TenantCredentials, StoreError> {
        if self.class.is_of_strangers() {
            // A cached session would tell strangers, by the time that they wait, whose tenant is busy here.
            return Ok(self.assume(tenant.id()).await?.credentials);
        }
        if let Some(credentials) = self.cached(tenant.id()) {
            return Ok(credentials);
        }
        // One session is opened at a time, so that concurrent calls share the first one's.
        let _turn = self.asking.lock().await;
        if let Some(credentials) = self.cached(tenant.id()) {
            return Ok(credentials);
        }
        let session = self.assume(tenant.id()).await?;
        let credentials = session.credentials.clone();
        self.lock().put(tenant.id(), session);
        Ok(credentials)
    }

    fn cached(&self, tenant: TenantId) -> Option<TenantCredentials> {
        let fresh_until = SystemTime::now() + RENEW_BEFORE;
        let mut sessions = self.lock();
        let session = sessions.get(&tenant).filter(|session| session.expires > fresh_until);
        session.map(|session| session.credentials.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LruCache<TenantId, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn assume(&self, tenant: TenantId) -> Result<Session, StoreError> {
        let answer = self
            .sts
            .assume_role()
            .role_arn(&self.role_arn)
            .role_session_name(tenant.to_string())
            .duration_seconds(SESSION_SECONDS)
            .tags(tag("TenantId", tenant.to_string())?)
            .tags(tag("Access", self.class.to_string())?)
            .send()
            .await
            .map_err(StoreError::from_sdk)?;
        let issued =
            answer.credentials.ok_or_else(|| StoreError::corrupt("AssumeRole answered no credentials"))?;
        let Credentials { access_key_id, secret_access_key, session_token, expiration, .. } = issued;
        let expires = SystemTime::try_from(expiration).map_err(StoreError::corrupt)?;
        let credentials = TenantCredentials::new(access_key_id, secret_access_key, session_token);
        Ok(Session { credentials, expires })
    }
}

fn tag(key: &str, value: String) -> Result<Tag, StoreError> {
    Tag::builder().key(key).value(value).build().map_err(StoreError::corrupt)
}
