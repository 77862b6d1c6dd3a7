//! Pictures, from the files that people send to the files that they get.

mod appearance;
mod cameras;
mod damage;
mod edits;
mod exif;
mod fixture;
mod formats;
mod frames;
mod orientation;
mod pillow;
mod pngsuite;
mod profiles;
mod recipes;
mod renditions;
mod scans;
mod scrub;
mod sound_recipes;
