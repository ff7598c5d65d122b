CREATE TABLE app.event (
    workspace_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    ids JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX event_age ON app.event (workspace_id, at);

CREATE TABLE app.outbox (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    ids JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
