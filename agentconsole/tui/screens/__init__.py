"""What fills the body of the frame: queue, case, composer, sign-in and the rare screens."""
