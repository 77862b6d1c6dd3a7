-- Images: bytes once per content, metadata per owner. Times are microseconds since 1970 in UTC.

-- The contents that images have. The bytes are the object `originals/<two digits>/<sha256>/<generation>`.
CREATE TABLE blobs (
    sha256 BINARY(32) NOT NULL,
    -- A UUID, which tells the object from those that held the same bytes before.
    generation BINARY(16) NOT NULL,
    size BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (sha256)
);

-- Objects that no blob names: those that are being written, and those that are to be deleted, which are doomed.
-- An object has a row here before it exists, and until it is gone or a blob names it.
CREATE TABLE loose_objects (
    generation BINARY(16) NOT NULL,
    sha256 BINARY(32) NOT NULL,
    doomed BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (generation)
);

-- Who stores how much. Whoever changes what an owner has locks the owner's row first.
CREATE TABLE owners (
    owner BINARY(16) NOT NULL,
    images BIGINT NOT NULL,
    -- Each image counts in full, whoever else has the same bytes.
    bytes BIGINT NOT NULL,
    -- Bytes that may be stored; NULL for the configured default.
    quota BIGINT,
    -- The account is gone: nothing is stored for it any more.
    erased BOOLEAN NOT NULL,
    PRIMARY KEY (owner)
);

CREATE TABLE images (
    id BINARY(16) NOT NULL,
    owner BINARY(16) NOT NULL,
    -- `library` or `avatar`
    purpose VARCHAR(16) NOT NULL,
    sha256 BINARY(32) NOT NULL,
    size BIGINT NOT NULL,
    -- Where the file says where it was taken: the copy that others get, which does not say it.
    public_sha256 BINARY(32),
    public_size BIGINT,
    name VARCHAR(255) NOT NULL,
    description VARCHAR(2000) NOT NULL,
    -- Name and description in lower case.
    search_text LONGTEXT NOT NULL,
    format VARCHAR(16) NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    -- Whether something may shine through.
    transparent BOOLEAN NOT NULL,
    taken_at VARCHAR(40) NOT NULL,
    camera VARCHAR(255) NOT NULL,
    latitude DOUBLE,
    longitude DOUBLE,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    idempotency_key VARCHAR(200),
    -- The digest of the call that the key came with.
    request_sha256 BINARY(32),
    PRIMARY KEY (id),
    -- No image without bytes: a blob goes only after the last image that has it.
    CONSTRAINT images_of_blob FOREIGN KEY (sha256) REFERENCES blobs (sha256)
);

-- The images of a blob.
CREATE INDEX images_by_blob ON images (sha256);

-- One image for each key.
CREATE UNIQUE INDEX images_by_idempotency_key ON images (owner, idempotency_key);

-- An owner's images, the newest first; and the same of one format.
CREATE INDEX images_by_owner ON images (owner, purpose, create_time, id);
CREATE INDEX images_by_owner_format ON images (owner, purpose, format, create_time, id);

-- Images that are gone, of which accounts is still to be told.
CREATE TABLE departures (
    image_id BINARY(16) NOT NULL,
    PRIMARY KEY (image_id)
);

-- The name of this database, which is written into the object store that goes with it. One row.
CREATE TABLE installation (
    one BIGINT NOT NULL,
    name BINARY(16) NOT NULL,
    PRIMARY KEY (one)
);
