"""開示等の請求: requests of the person, from the envelope to the answer."""
