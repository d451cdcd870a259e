"""公表  The page and the PDF of a policy, with everything it publishes, in its order.

`page_of` lays the policy out once as blocks; `html_of` and `pdf_of` set the same blocks. Pure but
for the fonts and the style sheet that stand in packages.
"""

from daicho.policy.render.html import html_of
from daicho.policy.render.page import Page, page_of
from daicho.policy.render.pdf import pdf_of

__all__ = ["Page", "html_of", "page_of", "pdf_of"]
