"""Use cases: one public function a verb, inside an open transaction; they never commit and never touch the network."""
