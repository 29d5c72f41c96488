"""A printed page becomes statements whose words and numbers can be pointed at. See README.md."""
