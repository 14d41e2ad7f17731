"""Word pieces and their vectors from a BERT-like model: found on disk, run by OpenVINO, matched greedily."""
