CREATE TABLE app.tag (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
);

CREATE TABLE app.conversation (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    number BIGINT NOT NULL,
    inbox_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    identity_id UUID,
    thread_key TEXT,
    previous_id UUID,
    status TEXT NOT NULL,
    priority TEXT DEFAULT 'none' NOT NULL,
    assignee_id UUID,
    team_id UUID,
    snoozed_until TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    arrived_n INTEGER DEFAULT '0' NOT NULL,
    answered_n INTEGER DEFAULT '0' NOT NULL,
    last_message_id UUID,
    last_message_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_inbound_at TIMESTAMP WITH TIME ZONE,
    waiting_since TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, contact_id) REFERENCES app.contact (workspace_id, id),
    FOREIGN KEY(workspace_id, inbox_id) REFERENCES app.inbox (workspace_id, id),
    UNIQUE (workspace_id, number)
);
CREATE INDEX conversation_assigned ON app.conversation (workspace_id, assignee_id, status, last_message_at DESC, id DESC);
CREATE INDEX conversation_contact ON app.conversation (workspace_id, contact_id, last_message_at DESC);
CREATE INDEX conversation_newest ON app.conversation (workspace_id, status, last_message_at DESC, id DESC);
CREATE UNIQUE INDEX conversation_one_open_per_thread ON app.conversation (workspace_id, inbox_id, thread_key) WHERE status <> 'closed' AND thread_key IS NOT NULL;
CREATE INDEX conversation_snoozed ON app.conversation (workspace_id, snoozed_until) WHERE status = 'snoozed';
CREATE INDEX conversation_waiting ON app.conversation (workspace_id, status, waiting_since, id);

CREATE TABLE app.activity (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    author_type TEXT NOT NULL,
    author_id UUID,
    verb TEXT NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, conversation_id) REFERENCES app.conversation (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX activity_timeline ON app.activity (workspace_id, conversation_id, created_at DESC, id DESC);

CREATE TABLE app.conversation_tag (
    workspace_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    tag_id UUID NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, tag_id),
    FOREIGN KEY(workspace_id, conversation_id) REFERENCES app.conversation (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY(workspace_id, tag_id) REFERENCES app.tag (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX conversation_tag_tag ON app.conversation_tag (workspace_id, tag_id);

CREATE TABLE app.message (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    inbox_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    identity_id UUID,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    author_type TEXT NOT NULL,
    author_id UUID,
    external_id TEXT,
    client_id UUID,
    body BYTEA,
    reply_to_id UUID,
    reply_to_external TEXT,
    is_forwarded BOOLEAN DEFAULT 'false' NOT NULL,
    item_id UUID,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    edited_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, conversation_id) REFERENCES app.conversation (workspace_id, id) ON DELETE CASCADE,
    UNIQUE (workspace_id, inbox_id, external_id),
    UNIQUE (workspace_id, conversation_id, client_id)
);
CREATE INDEX message_timeline ON app.message (workspace_id, conversation_id, sent_at DESC, id DESC);

CREATE TABLE app.note (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    author_type TEXT NOT NULL,
    author_id UUID,
    client_id UUID,
    body BYTEA,
    mentions JSONB DEFAULT '[]' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, conversation_id) REFERENCES app.conversation (workspace_id, id) ON DELETE CASCADE,
    UNIQUE (workspace_id, conversation_id, client_id)
);
CREATE INDEX note_timeline ON app.note (workspace_id, conversation_id, created_at DESC, id DESC);

CREATE TABLE app.read_mark (
    workspace_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    member_id UUID NOT NULL,
    last_read_n INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, member_id),
    FOREIGN KEY(workspace_id, conversation_id) REFERENCES app.conversation (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE app.attachment (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    message_id UUID NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    detail BYTEA,
    file_id UUID,
    media_type TEXT,
    size BIGINT,
    is_voice BOOLEAN DEFAULT 'false' NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, message_id) REFERENCES app.message (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX attachment_file ON app.attachment (workspace_id, file_id) WHERE file_id IS NOT NULL;
CREATE INDEX attachment_message ON app.attachment (workspace_id, message_id);

CREATE TABLE app.attempt (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    message_id UUID NOT NULL,
    n INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    code TEXT,
    vendor_code TEXT,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, message_id) REFERENCES app.message (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX attempt_message ON app.attempt (workspace_id, message_id);

CREATE TABLE app.delivery (
    workspace_id UUID NOT NULL,
    message_id UUID NOT NULL,
    inbox_id UUID NOT NULL,
    identity_id UUID,
    state TEXT NOT NULL,
    rank INTEGER NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    failure JSONB,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    read_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY(workspace_id, message_id) REFERENCES app.message (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX delivery_under_way ON app.delivery (workspace_id, updated_at) WHERE state IN ('queued', 'sending');

CREATE TABLE app.message_edit (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    message_id UUID NOT NULL,
    body BYTEA,
    external_id TEXT,
    edited_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, message_id) REFERENCES app.message (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX message_edit_message ON app.message_edit (workspace_id, message_id);

CREATE TABLE app.reaction (
    workspace_id UUID NOT NULL,
    message_id UUID NOT NULL,
    author_type TEXT NOT NULL,
    author_id UUID NOT NULL,
    emoji BYTEA,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, message_id, author_type, author_id),
    FOREIGN KEY(workspace_id, message_id) REFERENCES app.message (workspace_id, id) ON DELETE CASCADE
);
