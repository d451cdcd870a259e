"""Tags of the policy's templates."""
