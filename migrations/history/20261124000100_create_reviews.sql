-- What people say of predictions, beside them: rows are written once and never changed, and the newest counts.
-- They go with their prediction. Times are microseconds since 1970 in UTC.
CREATE TABLE reviews (
    id BINARY(16) NOT NULL,
    prediction_id BINARY(16) NOT NULL,
    -- Counts the reviews of a prediction, from 1: the highest is the newest, whatever the clocks say.
    ordinal BIGINT NOT NULL,
    -- The prediction's caller: nobody else sees it.
    reviewer BINARY(16) NOT NULL,
    create_time BIGINT NOT NULL,
    -- When the prediction was recorded.
    prediction_time BIGINT NOT NULL,
    -- agree or disagree
    verdict VARCHAR(16) NOT NULL,
    -- The right label: the predicted one where the person agrees.
    label VARCHAR(255) NOT NULL,
    comment VARCHAR(2000) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT reviews_by_prediction UNIQUE (prediction_id, ordinal),
    CONSTRAINT reviews_of_prediction FOREIGN KEY (prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);

-- The predictions that a caller reviewed, the newest prediction first: each has one review with the ordinal 1.
CREATE INDEX reviews_by_reviewer ON reviews (reviewer, ordinal, prediction_time, prediction_id);

-- The label that each prediction of a stored image counts under: that of its newest review, else the predicted one.
-- A table of its own, because it changes with every review and predictions never do.
CREATE TABLE image_labels (
    prediction_id BINARY(16) NOT NULL,
    caller BINARY(16) NOT NULL,
    -- When the prediction was recorded.
    create_time BIGINT NOT NULL,
    image_id BINARY(16) NOT NULL,
    label VARCHAR(255) NOT NULL,
    PRIMARY KEY (prediction_id),
    CONSTRAINT image_labels_of_prediction FOREIGN KEY (prediction_id) REFERENCES predictions (id) ON DELETE CASCADE
);

-- A caller's images with one label, the newest prediction first. Holds all that is asked for.
CREATE INDEX image_labels_by_caller_label
    ON image_labels (caller, label, create_time, prediction_id, image_id);
