-- Albums: what is in them, in which order, and who may see them.
-- Times are microseconds since 1970 in UTC. What belongs to an album goes with it.
CREATE TABLE albums (
    id BINARY(16) NOT NULL,
    owner BINARY(16) NOT NULL,
    name VARCHAR(100) NOT NULL,
    description VARCHAR(2000) NOT NULL,
    -- One of its images, or none.
    cover_image BINARY(16),
    -- Kept here, because counting a hundred thousand rows for each album of a list takes too long.
    image_count BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    -- Of the last change, images that come and go among them.
    update_time BIGINT NOT NULL,
    -- Counts the changes of name, description and cover.
    revision BIGINT NOT NULL,
    -- What the caller named the creation, and the digest of what they asked for.
    idempotency_key VARCHAR(200),
    idempotency_digest BINARY(32),
    PRIMARY KEY (id)
);

-- A user's own albums, the newest first.
CREATE INDEX albums_by_owner ON albums (owner, create_time, id);
CREATE UNIQUE INDEX albums_by_idempotency_key ON albums (owner, idempotency_key);

-- Which image stands where.
CREATE TABLE album_images (
    album BINARY(16) NOT NULL,
    image BINARY(16) NOT NULL,
    -- The first of those who added it and still share it.
    added_by BINARY(16) NOT NULL,
    add_time BIGINT NOT NULL,
    -- Sparse, so that most moves write one row.
    position BIGINT NOT NULL,
    PRIMARY KEY (album, image),
    FOREIGN KEY (album) REFERENCES albums (id) ON DELETE CASCADE
);

-- An album's images in its order.
CREATE INDEX album_images_by_position ON album_images (album, position, image);

-- Who added an image to an album. There may be several: an image is shared through the album if its owner is one.
CREATE TABLE album_image_adders (
    album BINARY(16) NOT NULL,
    image BINARY(16) NOT NULL,
    added_by BINARY(16) NOT NULL,
    PRIMARY KEY (album, image, added_by),
    FOREIGN KEY (album, image) REFERENCES album_images (album, image) ON DELETE CASCADE
);

-- The albums through which an image is shared.
CREATE INDEX album_image_adders_by_image ON album_image_adders (image, added_by, album);
-- What a user added, wherever.
CREATE INDEX album_image_adders_by_adder ON album_image_adders (added_by, album, image);

-- Who was let in.
CREATE TABLE album_members (
    id BINARY(16) NOT NULL,
    album BINARY(16) NOT NULL,
    -- In lower case.
    email VARCHAR(254) NOT NULL,
    -- Who had that address when it was let in; nobody who takes it later is let in.
    user_id BINARY(16),
    -- viewer or editor
    role VARCHAR(16) NOT NULL,
    create_time BIGINT NOT NULL,
    -- The album's, which never changes: lists of albums are sorted by it.
    album_create_time BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (album) REFERENCES albums (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX album_members_by_email ON album_members (album, email);
-- Whether a user is let into an album.
CREATE UNIQUE INDEX album_members_by_user ON album_members (album, user_id);
-- The albums that a user is let into, the newest first.
CREATE INDEX album_members_by_album_time
    ON album_members (user_id, album_create_time, album);
-- An album's members by the time they were added.
CREATE INDEX album_members_by_time ON album_members (album, create_time, id);

-- Share links: who knows the token sees the album.
CREATE TABLE album_links (
    id BINARY(16) NOT NULL,
    album BINARY(16) NOT NULL,
    -- The album's, which never changes.
    owner BINARY(16) NOT NULL,
    -- Of the token, which is random and shown once.
    token_sha256 BINARY(32) NOT NULL,
    -- Argon2id in PHC form, or no password.
    password_hash VARCHAR(255),
    create_time BIGINT NOT NULL,
    -- When it ends, or never.
    expire_time BIGINT,
    -- To the minute; none while nobody opened it.
    last_use_time BIGINT,
    -- As in albums.
    idempotency_key VARCHAR(200),
    idempotency_digest BINARY(32),
    PRIMARY KEY (id),
    FOREIGN KEY (album) REFERENCES albums (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX album_links_by_token ON album_links (token_sha256);
CREATE UNIQUE INDEX album_links_by_idempotency_key ON album_links (owner, idempotency_key);
-- An album's links, the newest first.
CREATE INDEX album_links_by_time ON album_links (album, create_time, id);
