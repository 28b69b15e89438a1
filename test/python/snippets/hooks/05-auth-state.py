async def tokens_into_environment(spawner, auth_state):
    if not auth_state:
        spawner.log.info("%s has no auth state", spawner.user.name)
        return
    spawner.environment["ACCESS_TOKEN"] = auth_state["access_token"]
    spawner.environment["MAIL"] = auth_state.get("user", {}).get("email", "")
    again = await spawner.user.get_auth_state()
    assert again == auth_state


c.Spawner.auth_state_hook = tokens_into_environment
