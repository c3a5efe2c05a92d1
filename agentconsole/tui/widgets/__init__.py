"""Line widgets that draw rows; they are handed what they show and fetch nothing."""
