"""Suggestions: what a person would most likely fill in where a fix needs to be told, the likeliest first. Pure functions.

```python
reference_choices("brand", ["A1", "A2"], frames)       # a frame: value, label, score, why
ean_choices("85239152300", "A1", frames)[0]            # CodeChoice(value="0085239152300", label=..., why=..., certain=False)
```
"""

from checks.suggest.codes import CodeChoice, ean_choices, ean_choices_of
from checks.suggest.references import CHOICES, reference_choices

__all__ = ["CHOICES", "CodeChoice", "ean_choices", "ean_choices_of", "reference_choices"]
