CREATE TABLE app.inbox (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    channel TEXT NOT NULL,
    app TEXT NOT NULL,
    name TEXT NOT NULL,
    external_id TEXT NOT NULL,
    state TEXT NOT NULL,
    state_code TEXT,
    state_message TEXT,
    display JSONB DEFAULT '{}' NOT NULL,
    settings BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    disconnected_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX inbox_one_connection ON app.inbox (workspace_id, channel, external_id) WHERE disconnected_at IS NULL;

CREATE TABLE directory.route (
    channel TEXT NOT NULL,
    app TEXT NOT NULL,
    external_id TEXT NOT NULL,
    workspace_id UUID NOT NULL,
    inbox_id UUID NOT NULL,
    PRIMARY KEY (channel, app, external_id)
);
