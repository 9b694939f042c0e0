//! The tenant's roles and its owner.

use domain::id::UserId;
use domain::permission::PermissionSet;
use domain::role::{BuiltInRole, Command, CustomPermissions, CustomRole, Role, RoleBook, RoleId};
use domain::text::RoleName;
use domain::{Version, Versioned};
use platform::accounts::{Depends, decide_again};
use platform::http::{Call, Conditional, NoBody, NoParameters, Problem, Reply, non_null};
use platform::table::{Conflict, StoreError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::refused;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    pub name: RoleName,
    pub permissions: CustomPermissions,
}

/// Fields that are left out stay as they are.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChanges {
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "RoleName")]
    pub name: Option<RoleName>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "CustomPermissions")]
    pub permissions: Option<CustomPermissions>,
}

/// A role that may be built in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownRole {
    pub id: Role,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleParameters {
    pub id: RoleId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// An active admin.
    pub user: UserId,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "DefinedRole")]
pub struct RoleView {
    id: Role,
    name: String,
    permissions: PermissionSet,
    is_built_in: bool,
    /// That of all roles of the tenant together, which change together.
    version: Version,
}

/// The tenant's roles: those that are built in, and its own.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RoleList")]
pub struct RoleBookView {
    items: Vec<RoleView>,
    /// 0 before the first change, for a tenant that is older than roles.
    version: Version,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantOwner")]
pub struct OwnerView {
    owner: UserId,
    /// That of the tenant's roles.
    version: Version,
}

pub async fn list_roles(call: &Call<NoParameters, NoBody>) -> Result<Reply<RoleBookView>, Problem> {
    let Versioned { value: RoleBook { custom, .. }, version } = call.store.role_books().get().await?;
    let built_in = BuiltInRole::ALL.iter().map(|role| RoleView::built_in(*role, version));
    let own = custom.into_iter().map(|(id, role)| RoleView::custom(id, role, version));
    Ok(Reply::new(RoleBookView { items: built_in.chain(own).collect(), version }).version(version))
}

pub async fn show_role(call: &Call<ShownRole, NoBody>) -> Result<Reply<RoleView>, Problem> {
    let book = call.store.role_books().get().await?;
    match call.parameters.id {
        Role::BuiltIn(role) => Ok(Reply::new(RoleView::built_in(role, book.version)).version(book.version)),
        Role::Custom(id) => shown(&book, id),
    }
}

pub async fn define_role(call: &Call<NoParameters, NewRole>) -> Result<Reply<RoleView>, Problem> {
    let NewRole { name, permissions } = &call.body;
    decide_again(|| async {
        let acting = call.store.acting(call.principal.user()).await?;
        let define = Command::Define { name: name.clone(), permissions: *permissions };
        let known = call.as_read(acting.book().clone());
        let id = known.next;
        let decided = known.decide(|_| acting.power().change_roles(define, call.stamp())).map_err(refused)?;
        let reply = shown(&decided.next, id)?.at(format!("/roles/{id}"));
        let context = call.command(&reply)?;
        let commit = call.store.role_books().commit(&acting, (&decided, Depends::Nothing), &context).await;
        Ok(commit.map(|()| reply))
    })
    .await
}

pub async fn change_role(
    call: &Call<RoleParameters, RoleChanges, Conditional>,
) -> Result<Reply<RoleView>, Problem> {
    let (role, RoleChanges { name, permissions }) = (call.parameters.id, call.body.clone());
    let changed = change(call, &Command::Change { role, name, permissions }).await?;
    shown(&changed, role)
}

/// Removes a role that no active user has.
pub async fn remove_role(call: &Call<RoleParameters, NoBody, Conditional>) -> Result<Reply<()>, Problem> {
    change(call, &Command::Remove { role: call.parameters.id }).await?;
    Ok(Reply::nothing())
}

/// Carries out a command on the role at the version of the roles that the client has read.
async fn change<B: Sync>(
    call: &Call<RoleParameters, B, Conditional>,
    command: &Command,
) -> Result<Versioned<RoleBook>, Problem> {
    let (role, books) = (call.parameters.id, call.store.role_books());
    let depends = || match command {
        Command::Remove { role } => Depends::OnNobodyWith(*role),
        Command::Define { .. } | Command::Change { .. } => Depends::Nothing,
    };
    decide_again(|| async {
        let acting = call.store.acting(call.principal.user()).await?;
        let known = call.expect(acting.book().clone())?;
        let decide = |_: &RoleBook| acting.power().change_roles(command.clone(), call.stamp());
        let decided = known.decide(decide).map_err(refused)?;
        let context = call.command(&Reply::nothing())?;
        match books.commit(&acting, (&decided, depends()), &context).await {
            Err(StoreError::Conflict(Conflict::RoleInUse)) => Err(in_use(books.users_of(role).await?)),
            outcome => Ok(outcome.map(|()| decided.next)),
        }
    })
    .await
}

fn in_use(count: u64) -> Problem {
    let users = if count == 1 { "user has" } else { "users have" };
    Problem::conflict(format!("{count} {users} this role; give them another one first."))
}

pub async fn show_owner(call: &Call<NoParameters, NoBody>) -> Result<Reply<OwnerView>, Problem> {
    Ok(owner(&call.store.role_books().get().await?))
}

pub async fn transfer_ownership(
    call: &Call<NoParameters, Successor, Conditional>,
) -> Result<Reply<OwnerView>, Problem> {
    decide_again(|| async {
        let (acting, successor) = call.store.acting_on(call.principal.user(), call.body.user).await?;
        let known = call.expect(acting.book().clone())?;
        let successor = successor.ok_or_else(|| Problem::invalid("/user", "there is no such user"))?;
        let transfer = |_: &RoleBook| acting.power().transfer_ownership(&successor.value, call.stamp());
        let decided = known.decide(transfer).map_err(refused)?;
        let reply = owner(&decided.next);
        let context = call.command(&reply)?;
        let depends = Depends::On(successor);
        Ok(call.store.role_books().commit(&acting, (&decided, depends), &context).await.map(|()| reply))
    })
    .await
}

fn owner(book: &Versioned<RoleBook>) -> Reply<OwnerView> {
    let (owner, version) = (book.value.owner, book.version);
    Reply::new(OwnerView { owner, version }).version(version)
}

fn shown(book: &Versioned<RoleBook>, id: RoleId) -> Result<Reply<RoleView>, Problem> {
    let role = book.value.role(id).map_err(|_| Problem::not_found("role"))?;
    Ok(Reply::new(RoleView::custom(id, role.clone(), book.version)).version(book.version))
}

impl RoleView {
    fn built_in(role: BuiltInRole, version: Version) -> Self {
        let (id, name) = (Role::BuiltIn(role), role.to_string());
        Self { id, name, permissions: role.permissions(), is_built_in: true, version }
    }

    fn custom(id: RoleId, CustomRole { name, permissions }: CustomRole, version: Version) -> Self {
        let (id, name) = (Role::Custom(id), name.as_str().to_owned());
        Self { id, name, permissions: permissions.set(), is_built_in: false, version }
    }
}
