"""What every input has come to, on disk: journal, output and failures settled as one thing."""
