use std::collections::BTreeMap;
use std::path::PathBuf;

use aws_credential_types::Credentials;
use cloud::{Backend, Cloud, Consumed, Options, Storage};
use domain::id::TenantId;

use crate::aws::settings;
use crate::new_id;
use crate::runtime::leak;
use crate::stores::{Scope, TenantTable};
use crate::tenancy::Tenant;

/// The local cloud in memory, without functions.
pub(super) struct World {
    cloud: Cloud,
    table: &'static TenantTable,
    _no_binaries: tempfile::TempDir,
}

impl World {
    pub(super) async fn start() -> Self {
        let no_binaries = tempfile::tempdir().unwrap();
        let parameters =
            [("OperatorKeySha256", "0".repeat(64)), ("MailSender", "no-reply@terrace.example".to_owned())];
        let options = Options {
            template: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml"),
            parameters: parameters
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<BTreeMap<_, _>>(),
            storage: Storage::Memory,
            backend: Backend::Binaries { directory: no_binaries.path().to_owned() },
            gateway_port: 0,
            services_port: 0,
            console_port: None,
        };
        let cloud = Cloud::start(options).await.unwrap();
        let function =
            cloud.stack().functions.iter().find(|function| function.binary == "confirm_order").unwrap();
        let issued = cloud.services().credentials().issue(&function.role_arn, &function.logical_id);
        let credentials = Credentials::new(
            issued.access_key_id,
            issued.secret_access_key,
            Some(issued.session_token),
            None,
            "test",
        );
        let shared = settings("eu-west-1".to_owned(), credentials)
            .to_builder()
            .endpoint_url(cloud.services_url())
            .build();
        let table = function.environment["TENANT_TABLE"].clone();
        let table = leak(TenantTable::new(&shared, table, function.role_arn.clone()));
        Self { cloud, table, _no_binaries: no_binaries }
    }

    /// A new tenant's.
    pub(super) fn scope(&self) -> Scope {
        self.table.within(Tenant::verified(new_id(TenantId::from_uuid)))
    }

    pub(super) fn mark(&self) -> cloud::services::Mark {
        self.cloud.capacity().mark()
    }

    pub(super) fn since(&self, mark: cloud::services::Mark) -> Vec<Consumed> {
        self.cloud.capacity().since(mark)
    }
}
