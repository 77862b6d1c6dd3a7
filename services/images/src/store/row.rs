//! Between an [`Image`] and the columns of its row.

use jiff::Timestamp;
use pupila_core::{Digest, ImageId, Revision, UserId};
use pupila_db::{DatabaseError, Dialect, Holds, Row, Statement};
use pupila_imaging::Format;
use uuid::Uuid;

use super::NewImage;
use crate::{
    image::{File, Image, Location, PublicCopy, Purpose},
    text,
};

/// Reads whole images; what is pushed after it says from where.
pub(super) const SELECT: &str = "SELECT id, owner, purpose, sha256, size, public_sha256, \
     public_size, name, description, format, width, height, transparent, taken_at, camera, latitude, longitude, \
     create_time, update_time, revision, request_sha256 FROM images";

const INSERT: &str = "INSERT INTO images (id, owner, purpose, sha256, size, public_sha256, \
     public_size, name, description, search_text, format, width, height, transparent, taken_at, \
     camera, latitude, longitude, create_time, update_time, revision, idempotency_key, request_sha256) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The statement that stores an image.
pub(super) fn insert<DB: Dialect>(new: &NewImage<'_>) -> Statement<DB> {
    let Image {
        id,
        owner,
        purpose,
        file,
        name,
        description,
        create_time,
        update_time,
        revision,
    } = new.image;
    let (key, request) = new.key.unzip();
    Statement::new(INSERT)
        .bind(id.as_uuid())
        .bind(owner.as_uuid())
        .bind(purpose.as_str().to_owned())
        .bind(bytes(file.sha256))
        .bind(number(file.size))
        .bind(file.public.map(|copy| bytes(copy.sha256)))
        .bind(file.public.map(|copy| number(copy.size)))
        .bind(name.clone())
        .bind(description.clone())
        .bind(searched(name, description))
        .bind(file.format.name().to_owned())
        .bind(i64::from(file.width))
        .bind(i64::from(file.height))
        .bind(file.transparent)
        .bind(file.taken_at.clone())
        .bind(file.camera.clone())
        .bind(file.location.map(|place| place.latitude))
        .bind(file.location.map(|place| place.longitude))
        .bind(create_time.as_microsecond())
        .bind(update_time.as_microsecond())
        .bind(revision.get())
        .bind(key.map(str::to_owned))
        .bind(request.map(bytes))
}

/// The image that a row holds.
pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Image, DatabaseError> {
    let text = |column| row.get::<String>(column);
    let number = |column| row.get::<i64>(column);
    let place = [row.get("latitude")?, row.get("longitude")?];
    Ok(Image {
        id: ImageId::from_uuid(row.get("id")?),
        owner: UserId::from_uuid(row.get::<Uuid>("owner")?),
        purpose: parsed(row, "purpose", |name: String| Purpose::from_name(&name))?,
        file: File {
            sha256: digest(row, "sha256")?,
            size: number("size")?.unsigned_abs(),
            public: public(row)?,
            format: parsed(row, "format", |name: String| format(&name))?,
            width: parsed(row, "width", |side: i64| side.try_into().ok())?,
            height: parsed(row, "height", |side: i64| side.try_into().ok())?,
            transparent: row.get("transparent")?,
            taken_at: text("taken_at")?,
            camera: text("camera")?,
            location: match place {
                [Some(latitude), Some(longitude)] => Some(Location {
                    latitude,
                    longitude,
                }),
                _ => None,
            },
        },
        name: text("name")?,
        description: text("description")?,
        create_time: time(row, "create_time")?,
        update_time: time(row, "update_time")?,
        revision: Revision::new(number("revision")?),
    })
}

fn public<DB: Dialect>(row: &Row<DB>) -> Result<Option<PublicCopy>, DatabaseError> {
    let Some(size) = row.get::<Option<i64>>("public_size")? else {
        return Ok(None);
    };
    Ok(Some(PublicCopy {
        sha256: digest(row, "public_sha256")?,
        size: size.unsigned_abs(),
    }))
}

/// What a search looks at: the words of both texts, which a line break keeps apart.
pub(super) fn searched(name: &str, description: &str) -> String {
    text::folded(&format!("{name}\n{description}"))
}

/// As a column holds it.
pub(super) fn bytes(digest: Digest) -> Vec<u8> {
    digest.as_bytes().to_vec()
}

/// As a column holds it. No number of ours is beyond 2^63.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The digest that a column holds.
pub(super) fn digest<DB: Dialect>(row: &Row<DB>, column: &str) -> Result<Digest, DatabaseError> {
    parsed(row, column, |bytes: Vec<u8>| {
        Digest::from_slice(&bytes).ok()
    })
}

/// A column's value in our words.
pub(super) fn parsed<DB, T, W>(
    row: &Row<DB>,
    column: &str,
    parse: impl FnOnce(T) -> Option<W>,
) -> Result<W, DatabaseError>
where
    DB: Dialect + Holds<T>,
{
    parse(row.get(column)?).ok_or_else(|| {
        DatabaseError::from(sqlx::Error::ColumnDecode {
            index: column.to_owned(),
            source: "it holds something that was never written".into(),
        })
    })
}

/// The time that a column holds.
pub(super) fn time<DB: Dialect>(row: &Row<DB>, column: &str) -> Result<Timestamp, DatabaseError> {
    parsed(row, column, |microseconds| {
        Timestamp::from_microsecond(microseconds).ok()
    })
}

fn format(name: &str) -> Option<Format> {
    Format::ALL.into_iter().find(|format| format.name() == name)
}
