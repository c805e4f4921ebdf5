"""What a saving is a share of, in words: resources of a whole site, and the end uses that the catalogue names."""

from assessment.core.resources.catalogue import Saving
from assessment.i18n import Language


def use_words(saving: Saving, language: Language) -> str:
    """The use that a saving is a share of, to stand behind "10 % of"."""
    if saving.base == "site_total":
        return whole_words(saving.resource, language)
    values = {"use": end_use_words(saving.end_use, language), "resource": whole_words(saving.resource, language)}
    if saving.resource.startswith(("cost-", "co2e-")):
        return values["use"]
    return language.gettext("%(use)s, part of %(resource)s") % values


def whole_words(resource: str, language: Language) -> str:
    """All that a site uses or pays of a resource."""
    _ = language.gettext
    names = {
        "electricity": _("all electricity"), "heat": _("all heat and fuel"), "water": _("all water"),
        "materials": _("all material bought"), "waste": _("all waste"), "transport": _("all transport fuel"),
        "refrigerant": _("all cooling agents"),
        "cost-resources": _("the cost of energy, water, materials and waste"), "cost-waste": _("the cost of waste"),
        "cost-energy": _("the cost of energy"), "cost-transport": _("the cost of transport"),
        "cost-heat": _("the cost of heat"), "cost-project": _("the cost of the project"),
        "cost-equipment": _("the cost of equipment"), "cost-it": _("the cost of IT"),
        "co2e-total": _("all greenhouse gases"), "co2e-materials": _("greenhouse gases from materials"),
        "co2e-electricity": _("greenhouse gases from electricity"),
        "co2e-transport": _("greenhouse gases from transport"), "co2e-fuel": _("greenhouse gases from fuel"),
    }  # fmt: skip
    return names.get(resource, resource)


def end_use_words(end_use: str, language: Language) -> str:
    """One use within a site."""
    _ = language.gettext
    names = {
        "site-total": _("everything"), "lighting": _("lighting"), "space-heating": _("room heating"),
        "process-heat": _("process heat"), "process-heat-below-100c": _("process heat below 100 degrees"),
        "hot-water": _("hot water"), "boiler-steam": _("boilers and steam"), "boiler-makeup": _("fresh boiler water"),
        "combustion-blower": _("burner fans"), "fuel-replaced": _("the fuel replaced"),
        "refrigeration": _("cold rooms"),
        "milk-cooling": _("milk cooling"), "vending-coolers": _("drinks coolers"), "cooling": _("cooling"),
        "cooling-ac": _("air conditioning"), "open-door-losses": _("losses through open doors"),
        "refrigerant-loss": _("lost cooling agent"), "compressed-air": _("compressed air"),
        "compressor-electricity": _("compressors"), "ventilation-fans": _("ventilation"), "motors": _("motors"),
        "pumps-fans": _("pumps and fans"), "vacuum-pumps": _("vacuum pumps"), "dust-extraction": _("dust extraction"),
        "process-machines": _("process machines"), "moulding-machines": _("moulding machines"),
        "laundry": _("laundry"), "catering": _("kitchen"), "it-servers": _("IT and servers"),
        "server-electricity": _("servers"), "hosting-electricity": _("hosting"),
        "office-equipment": _("office equipment"), "charging-electricity": _("vehicle charging"),
        "cloud-and-server-bill": _("the cloud and server bill"), "digital-service-use": _("use of the digital service"),
        "amenities": _("toilets and wash basins"), "guest-rooms": _("guest rooms"),
        "washdown": _("cleaning with water"),
        "rinsing": _("rinsing"), "cip": _("cleaning in place"), "irrigation": _("irrigation"),
        "vehicle-wash": _("vehicle washing"), "effluent-fees": _("waste-water fees"),
        "rainwater-fees": _("rainwater fees"), "chemicals": _("chemicals"), "packaging": _("packaging"),
        "packaging-waste": _("packaging waste"), "paper": _("paper"), "food": _("food"), "food-waste": _("food waste"),
        "consumables": _("consumables"), "farm-inputs": _("farm supplies"), "product-line": _("the product concerned"),
        "product-line-energy": _("energy for the product concerned"), "product-use": _("use of the product"),
        "product-line-end-of-life": _("disposal of the product"), "material-concerned": _("the material concerned"),
        "purchased-goods": _("goods bought"), "equipment-purchases": _("equipment bought"),
        "equipment-discarded": _("equipment thrown away"), "hazardous": _("hazardous waste"),
        "hazardous-waste-fees": _("hazardous waste fees"), "residual": _("residual waste"),
        "fleet-fuel": _("vehicle fuel"), "last-mile-parcel": _("parcel delivery"),
        "purchased-freight": _("freight bought"), "vehicle-tco": _("the cost of the vehicle"),
        "commuting": _("travel to work"), "business-travel": _("business trips"),
        "construction-value": _("the construction cost"),
    }  # fmt: skip
    return names.get(end_use, end_use.replace("-", " "))
