-- Images' schema and its two users, for MySQL 8.4 and MariaDB 10.11. An administrator runs this; once more changes nothing.
-- The users are locked out until they have passwords:
--   ALTER USER `pupila-images` IDENTIFIED BY '…' ACCOUNT UNLOCK;
-- A server that takes no user without one (MySQL's validate_password) wants them made with theirs before this is run.
-- Names have a dash because `_` stands for any character where a right is granted.
CREATE DATABASE IF NOT EXISTS `pupila-images` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Serves: rows, and nothing else.
CREATE USER IF NOT EXISTS `pupila-images` ACCOUNT LOCK;
GRANT SELECT, INSERT, UPDATE, DELETE ON `pupila-images`.* TO `pupila-images`;

-- Migrates: tables too.
CREATE USER IF NOT EXISTS `pupila-images-migrate` ACCOUNT LOCK;
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES
    ON `pupila-images`.* TO `pupila-images-migrate`;
