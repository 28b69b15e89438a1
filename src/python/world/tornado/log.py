from _himalia.mirrors import Log

app_log = gen_log = access_log = Log()
