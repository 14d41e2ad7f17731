"""The jury: language models as raters on the clinicians' own form."""
