-- People who sign in. The app holds no grant on these tables; these functions are all it can do.

CREATE FUNCTION accounts.create_user(p_id uuid, p_email text, p_name text, p_locale text, p_time_zone text,
                                     p_secret text, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    INSERT INTO accounts."user" (id, email, name, locale, time_zone, created_at)
    VALUES (p_id, lower(p_email), p_name, p_locale, p_time_zone, p_at);
    INSERT INTO accounts.credential (user_id, kind, secret, changed_at) VALUES (p_id, 'password', p_secret, p_at);
$$;

CREATE FUNCTION accounts.find_by_email(p_email text)
RETURNS TABLE (user_id uuid, name text, secret text, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    SELECT u.id, u.name, c.secret, u.is_active
    FROM accounts."user" u LEFT JOIN accounts.credential c ON c.user_id = u.id AND c.kind = 'password'
    WHERE u.email = lower(p_email);
$$;

CREATE FUNCTION accounts.password_of(p_user uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    SELECT secret FROM accounts.credential WHERE user_id = p_user AND kind = 'password';
$$;

CREATE FUNCTION accounts.set_password(p_user uuid, p_secret text, p_at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    INSERT INTO accounts.credential (user_id, kind, secret, changed_at) VALUES (p_user, 'password', p_secret, p_at)
    ON CONFLICT (user_id, kind) DO UPDATE SET secret = excluded.secret, changed_at = excluded.changed_at;
$$;

CREATE FUNCTION accounts.profile(p_user uuid)
RETURNS TABLE (email text, name text, locale text, time_zone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    SELECT email, name, locale, time_zone FROM accounts."user" WHERE id = p_user;
$$;

CREATE FUNCTION accounts.set_profile(p_user uuid, p_name text, p_locale text, p_time_zone text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    UPDATE accounts."user" SET name = coalesce(p_name, name), locale = coalesce(p_locale, locale),
           time_zone = coalesce(p_time_zone, time_zone)
    WHERE id = p_user;
$$;

CREATE FUNCTION accounts.start_session(p_hash bytea, p_user uuid, p_workspace uuid, p_device text,
                                       p_at timestamptz, p_expires timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    DELETE FROM accounts.session WHERE user_id = p_user AND expires_at < p_at;
    INSERT INTO accounts.session (hash, user_id, workspace_id, created_at, seen_at, expires_at, device)
    VALUES (p_hash, p_user, p_workspace, p_at, p_at, p_expires, p_device);
    UPDATE accounts."user" SET signed_in_at = p_at WHERE id = p_user;
$$;

-- The session's person and member, with the workspace set for the rest of the transaction.
-- Seen times are written once a minute at most; is_due says that this was such a minute.
CREATE FUNCTION accounts.resume(p_hash bytea, p_at timestamptz, p_idle interval, p_is_seen boolean)
RETURNS TABLE (user_id uuid, workspace_id uuid, member_id uuid, role text, email text, name text, locale text,
               time_zone text, is_due boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
DECLARE here record;
BEGIN
    SELECT s.user_id, s.workspace_id, p_is_seen AND s.seen_at < p_at - interval '1 minute' AS is_due,
           u.email, u.name, u.locale, u.time_zone, m.id AS member_id, m.role INTO here
    FROM accounts.session s
    JOIN accounts."user" u ON u.id = s.user_id AND u.is_active
    LEFT JOIN app.member m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id AND m.is_active
    WHERE s.hash = p_hash AND s.expires_at > p_at AND s.seen_at > p_at - p_idle;
    IF NOT FOUND THEN RETURN; END IF;
    IF here.is_due THEN
        UPDATE accounts.session SET seen_at = p_at WHERE hash = p_hash;
    END IF;
    PERFORM set_config('app.workspace_id',
                       CASE WHEN here.member_id IS NULL THEN '00000000-0000-0000-0000-000000000000'
                            ELSE here.workspace_id::text END, true);
    RETURN QUERY SELECT here.user_id, here.workspace_id, here.member_id, here.role, here.email, here.name,
                        here.locale, here.time_zone, here.is_due;
END $$;

CREATE FUNCTION accounts.switch_session(p_hash bytea, p_workspace uuid) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    WITH moved AS (
        UPDATE accounts.session s SET workspace_id = p_workspace
        FROM app.member m
        WHERE s.hash = p_hash AND m.workspace_id = p_workspace AND m.user_id = s.user_id AND m.is_active
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM moved);
$$;

CREATE FUNCTION accounts.end_session(p_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    DELETE FROM accounts.session WHERE hash = p_hash;
$$;

CREATE FUNCTION accounts.end_other_sessions(p_user uuid, p_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    DELETE FROM accounts.session WHERE user_id = p_user AND hash <> p_hash;
$$;

-- Signs a person out of the transaction's own workspace, in every browser.
CREATE FUNCTION accounts.end_sessions_here(p_user uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    DELETE FROM accounts.session
    WHERE user_id = p_user AND workspace_id = current_setting('app.workspace_id')::uuid;
$$;

-- The workspaces in which a person is an active member.
CREATE FUNCTION accounts.memberships(p_user uuid)
RETURNS TABLE (workspace_id uuid, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    SELECT w.id, w.slug, w.name, m.role
    FROM app.member m JOIN app.workspace w ON w.id = m.workspace_id
    WHERE m.user_id = p_user AND m.is_active
    ORDER BY w.name, w.id;
$$;

-- Name and address of the people in the transaction's own workspace, nobody else's.
CREATE FUNCTION accounts.people() RETURNS TABLE (user_id uuid, email text, name text, signed_in_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, accounts AS $$
    SELECT u.id, u.email, u.name, u.signed_in_at
    FROM app.member m JOIN accounts."user" u ON u.id = m.user_id
    WHERE m.workspace_id = current_setting('app.workspace_id', true)::uuid;
$$;

-- The directory: what must be found before the workspace is known.

CREATE FUNCTION directory.connect(p_channel text, p_app text, p_external_id text, p_inbox uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, directory AS $$
    INSERT INTO directory.route (channel, app, external_id, workspace_id, inbox_id)
    VALUES (p_channel, p_app, p_external_id, current_setting('app.workspace_id')::uuid, p_inbox);
$$;

CREATE FUNCTION directory.find_route(p_channel text, p_app text, p_external_id text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, directory AS $$
    SELECT EXISTS (SELECT 1 FROM directory.route
                   WHERE channel = p_channel AND app = p_app AND external_id = p_external_id);
$$;

CREATE FUNCTION directory.disconnect(p_inbox uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, directory AS $$
    DELETE FROM directory.route
    WHERE inbox_id = p_inbox AND workspace_id = current_setting('app.workspace_id')::uuid;
$$;

CREATE FUNCTION directory.workspace_by_slug(p_slug text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, directory AS $$
    SELECT id FROM app.workspace WHERE slug = p_slug;
$$;

CREATE FUNCTION directory.workspaces() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, directory AS $$
    SELECT id FROM app.workspace ORDER BY id;
$$;
