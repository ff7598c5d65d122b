CREATE TABLE accounts."user" (
    id UUID NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT DEFAULT 'en' NOT NULL,
    time_zone TEXT DEFAULT 'UTC' NOT NULL,
    is_active BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    signed_in_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    UNIQUE (email)
);

CREATE TABLE accounts.credential (
    user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    secret TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (user_id, kind),
    FOREIGN KEY(user_id) REFERENCES accounts."user" (id) ON DELETE CASCADE
);

CREATE TABLE accounts.session (
    hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    workspace_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    device TEXT,
    PRIMARY KEY (hash),
    FOREIGN KEY(user_id) REFERENCES accounts."user" (id) ON DELETE CASCADE
);
CREATE INDEX ix_accounts_session_user_id ON accounts.session (user_id);
