"""What `actions.offer_product` makes of a good that a second stall offers: a product of both."""

from __future__ import annotations

from sundry.goods.catalogue.errors import AlreadyDone
from sundry.goods.catalogue.models import Good, Product, Stall
from sundry.goods.catalogue.writing import draw_numbers


def check_not_offered(source: Good, stall: Stall) -> None:
    """AlreadyDone: the stall shows this very good, or offers its product."""
    mine = source.number if source.stall_id == stall.id else None
    if mine is None and source.product_id is not None:
        same = Good.objects.filter(stall=stall, product=source.product_id)
        mine = same.order_by("number").values_list("number", flat=True).first()
    if mine is not None:
        raise AlreadyDone("catalogue_already_offered", number=mine)


def product_of(source: Good) -> tuple[Product, int]:
    """The product that a good is, and a number for one more offer of it."""
    if source.product is not None:
        return source.product, draw_numbers(1)[0]
    number, of_offer = draw_numbers(2)
    product = Product.objects.create(
        number=number,
        names=source.names,
        category=source.category,
        brand=source.brand,
        hs_code=source.hs_code,
    )
    Good.objects.filter(id=source.id).update(product=product)
    return product, of_offer
