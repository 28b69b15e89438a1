def needs_scope(*_):
    return lambda function: function
