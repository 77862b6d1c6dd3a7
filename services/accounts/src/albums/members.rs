//! Who was let into albums.

use pupila_core::{AlbumId, Listing, MemberId, Page, User, UserId};
use pupila_db::Dialect;
use serde_json::json;

use super::{
    AlbumError, AlbumRole, Albums, Member, MemberRole, Reader, WhichMember, limits,
    store::{
        member::{self, Which},
        sql::counted,
    },
};
use crate::{
    again::again,
    audit::{self, Action},
    email::Email,
    origin::Origin,
    session,
};

impl<DB: Dialect> Albums<DB> {
    /// Lets the one into an album who has the address now, if anybody has: for its owner. Whoever takes the address
    /// later is not let in, because nobody has proved that it is theirs; adding it again lets them in. Answers the same
    /// in all cases. One that is a member gets the role.
    ///
    /// # Errors
    /// The owner's own address, or more members than an album may have; an owner whose account or session has ended.
    pub(crate) async fn add_member(
        &self,
        user: &User,
        id: AlbumId,
        email: &Email,
        role: MemberRole,
        origin: &Origin,
    ) -> Result<Member, AlbumError> {
        again(|| self.try_add_member(user, id, email, role, origin)).await
    }

    async fn try_add_member(
        &self,
        user: &User,
        id: AlbumId,
        email: &Email,
        role: MemberRole,
        origin: &Origin,
    ) -> Result<Member, AlbumError> {
        let (mut transaction, view) = self.change(user.id, id, AlbumRole::Owner).await?;
        session::hold_caller::<DB>(&mut transaction, user, origin.time).await?;
        let there = member::find::<DB>(&mut transaction, id, Which::Email(email)).await?;
        let member = match there {
            Some(member) => {
                let member = Member { role, ..member };
                member::update::<DB>(&member)
                    .execute(&mut transaction)
                    .await?;
                member
            }
            None => {
                let member = Member {
                    id: MemberId::new(origin.time),
                    email: email.as_str().to_owned(),
                    role,
                    create_time: origin.time,
                };
                member::insert::<DB>(&view.album, &member)
                    .execute(&mut transaction)
                    .await?;
                member
            }
        };
        if counted::<DB>(&mut transaction, member::count(id)).await? > limits::MEMBERS {
            return Err(AlbumError::full("members", limits::MEMBERS));
        }
        let let_in = member::user_of::<DB>(&mut transaction, member.id).await?;
        if let_in == Some(view.album.owner) {
            return Err(AlbumError::field("email", "is the album owner's own"));
        }
        let detail = json!({"member": member.id, "user": let_in, "role": role.as_str()});
        let added = Action::AlbumMemberAdded;
        audit::record::<DB>(&mut transaction, origin, added, id, detail).await?;
        transaction.commit().await?;
        Ok(member)
    }

    /// Ends a membership: for the album's owner, and for the member.
    ///
    /// # Errors
    /// `MEMBER_NOT_FOUND`, or somebody else's membership.
    pub(crate) async fn remove_member(
        &self,
        user: UserId,
        id: AlbumId,
        which: WhichMember,
        origin: &Origin,
    ) -> Result<(), AlbumError> {
        let (mut transaction, view) = self.change(user, id, AlbumRole::Viewer).await?;
        let meant = match which {
            WhichMember::Id(member) if view.role == AlbumRole::Owner => Which::Id(member),
            _ => Which::User(user),
        };
        let member = member::find::<DB>(&mut transaction, id, meant).await?;
        let member = member.ok_or(AlbumError::MemberNotFound)?;
        if matches!(which, WhichMember::Id(named) if named != member.id) {
            return Err(AlbumError::NotOwner);
        }
        member::delete::<DB>(member.id)
            .execute(&mut transaction)
            .await?;
        let detail = json!({"member": member.id, "role": member.role.as_str()});
        let removed = Action::AlbumMemberRemoved;
        audit::record::<DB>(&mut transaction, origin, removed, id, detail).await?;
        Ok(transaction.commit().await?)
    }

    /// A page of an album's members, the earliest first: for its owner.
    pub(crate) async fn list_members(
        &self,
        user: UserId,
        id: AlbumId,
        page: Page,
    ) -> Result<Listing<Member>, AlbumError> {
        let view = self.find(Reader::User(user), id).await?;
        view.require(AlbumRole::Owner)?;
        let mut connection = self.0.pools.reader().await?;
        Ok(member::list::<DB>(&mut connection, id, page).await?)
    }
}
