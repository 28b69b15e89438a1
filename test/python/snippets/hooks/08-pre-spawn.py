from tornado import gen


@gen.coroutine
def prepare(spawner):
    yield gen.sleep(0)
    # What is picked is applied later, so a profile's limit counts more than this one.
    spawner.mem_limit = "3G"
    spawner.cpu_limit = 1.5
    if any(group.name.startswith("course-") for group in spawner.user.groups):
        spawner.volumes += [{"name": "course", "emptyDir": {"medium": "Memory"}}]
        spawner.volume_mounts.append({"name": "course", "mountPath": "/course"})
        spawner.extra_annotations["example.org/course"] = "yes"
        del spawner.environment["HOME_SIZE"]
    spawner.service_account = "user-" + spawner.user.name
    return None


async def overrides_for(spawner):
    return {
        "10-all": {"groups": ["course-a", "course-b"], "spawner_override": {"environment": {"COURSES": "some"}}},
        "20-more": {"groups": ["course-a"], "spawner_override": {"environment": {"COURSES": "a"}, "priority_class_name": "high"}},
    }


c.Spawner.pre_spawn_hook = prepare
c.Spawner.group_overrides = overrides_for
c.KubeSpawner.uid = lambda spawner: 2000 + len(spawner.user.name)
