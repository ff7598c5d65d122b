CREATE TABLE app.api_token (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    role TEXT NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, hash)
);

CREATE TABLE app.counter (
    workspace_id UUID NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name)
);

CREATE TABLE app.idempotency_key (
    workspace_id UUID NOT NULL,
    actor_id UUID NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status INTEGER,
    answer BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, actor_id, key)
);

CREATE TABLE app.invitation (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    hash BYTEA NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, hash)
);

CREATE TABLE app.team (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
);

CREATE TABLE app.workspace (
    id UUID NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    website TEXT,
    industry TEXT,
    team_size TEXT,
    country TEXT,
    billing_address TEXT,
    tax_id TEXT,
    settings JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (slug)
);

CREATE TABLE app.member (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    is_active BOOLEAN DEFAULT 'true' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, user_id),
    FOREIGN KEY(user_id) REFERENCES accounts."user" (id)
);

CREATE TABLE app.team_member (
    workspace_id UUID NOT NULL,
    team_id UUID NOT NULL,
    member_id UUID NOT NULL,
    PRIMARY KEY (workspace_id, team_id, member_id),
    FOREIGN KEY(workspace_id, team_id) REFERENCES app.team (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY(workspace_id, member_id) REFERENCES app.member (workspace_id, id) ON DELETE CASCADE
);
