-- The private keys of access tokens: whoever reads them can be anybody. Times are microseconds since 1970 in UTC.
CREATE TABLE signing_keys (
    -- From 1. Two replicas that make the next key clash here.
    number BIGINT NOT NULL,
    -- The `kid` of tokens.
    id BINARY(16) NOT NULL,
    -- Ed25519, PKCS#8.
    pkcs8 LONGBLOB NOT NULL,
    create_time BIGINT NOT NULL,
    -- From when on it signs. It is listed before.
    activate_time BIGINT NOT NULL,
    PRIMARY KEY (number)
);
