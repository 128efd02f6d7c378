"""A function that fails."""


def train_loop(config):
    raise ValueError(f"no good rate {config['rate']}")
