-- The stored image that was looked at, and the prediction that was repeated with another model, version or parameters;
-- NULL for none. The image may be gone since. The original is its caller's own, and goes in the same act.
ALTER TABLE predictions ADD COLUMN image_id BINARY(16);
ALTER TABLE predictions ADD COLUMN replay_of BINARY(16);
-- What the caller named the creation; NULL for none.
ALTER TABLE predictions ADD COLUMN idempotency_key VARCHAR(200);

-- A caller's predictions of one stored image, the newest first.
CREATE INDEX predictions_by_caller_image_id ON predictions (caller, image_id, create_time, id);

-- A key leads to one prediction.
CREATE UNIQUE INDEX predictions_by_caller_key ON predictions (caller, idempotency_key);
