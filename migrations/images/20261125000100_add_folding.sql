-- The release of folding that `images.search_text` has in every row, or a later one. Housekeeping folds older ones anew.
ALTER TABLE installation ADD COLUMN folding BIGINT NOT NULL DEFAULT 1;
