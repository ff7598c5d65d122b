CREATE SCHEMA app AUTHORIZATION parley_owner;
CREATE SCHEMA accounts AUTHORIZATION parley_accounts;
CREATE SCHEMA directory AUTHORIZATION parley_accounts;
CREATE SCHEMA ingest AUTHORIZATION parley_owner;
CREATE SCHEMA audit AUTHORIZATION parley_owner;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO parley_app, parley_accounts, parley_dispatch;
GRANT USAGE ON SCHEMA accounts, directory, audit TO parley_app;
GRANT USAGE ON SCHEMA directory TO parley_ingest;
GRANT USAGE ON SCHEMA ingest TO parley_app, parley_ingest, parley_dispatch;
GRANT USAGE ON SCHEMA public TO parley_app;
