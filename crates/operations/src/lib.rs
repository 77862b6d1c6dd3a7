//! What can be done to an image: the operations that the API declares, with their parameters, types and ranges. Pure
//! words: `pupila-imaging` has the pixels.
