answer = 1 / 0
