-- What was predicted. Rows are written once and never changed.
-- Times are microseconds: `create_time` since 1970 in UTC, `*_us` how long a stage took.
CREATE TABLE predictions (
    id BINARY(16) NOT NULL,
    caller BINARY(16) NOT NULL,
    create_time BIGINT NOT NULL,
    request_id VARCHAR(64) NOT NULL,
    filename VARCHAR(255) NOT NULL,
    image_sha256 BINARY(32) NOT NULL,
    image_format VARCHAR(16) NOT NULL,
    image_width BIGINT NOT NULL,
    image_height BIGINT NOT NULL,
    model VARCHAR(100) NOT NULL,
    version BIGINT NOT NULL,
    model_sha256 BINARY(32) NOT NULL,
    -- JSON: {"name": value}
    parameters LONGTEXT NOT NULL,
    -- The label decided on, and its calibrated probability.
    label VARCHAR(255) NOT NULL,
    score DOUBLE NOT NULL,
    -- The calibrated probability of the model's positive label, where it has one.
    positive_score DOUBLE,
    -- JSON: [{"label": "name", "score": 0.5}], the highest score first
    scores LONGTEXT NOT NULL,
    queue_us BIGINT NOT NULL,
    decode_us BIGINT NOT NULL,
    preprocess_us BIGINT NOT NULL,
    infer_us BIGINT NOT NULL,
    PRIMARY KEY (id)
);

-- A caller's predictions, the newest first. Holds all that statistics count, so that they read no rows.
CREATE INDEX predictions_by_caller
    ON predictions (caller, create_time, id, model, version, label, score, infer_us);

-- The same of one model, of one label, of one image.
CREATE INDEX predictions_by_caller_model ON predictions (caller, model, create_time, id);
CREATE INDEX predictions_by_caller_label ON predictions (caller, label, create_time, id);
CREATE INDEX predictions_by_caller_image ON predictions (caller, image_sha256, create_time, id);
