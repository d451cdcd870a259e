"""Routes of the register."""

from django.urls import path

from daicho.register.views import editing, holdings, importing, maps, picture, stores

app_name = "register"
urlpatterns = [
    path("", holdings.holdings, name="holdings"),
    path("export.xlsx", holdings.export, {"suffix": "xlsx"}, name="export-xlsx"),
    path("export.csv", holdings.export, {"suffix": "csv"}, name="export-csv"),
    path("import/", importing.start, name="import"),
    path("import/take/", importing.take, name="import-take"),
    path("new/", editing.new, name="new"),
    path("review/", holdings.review, name="review"),
    path("reviewed/", editing.reviewed, name="reviewed"),
    path("map/", picture.picture, name="picture"),
    path("coverage/", stores.coverage, name="coverage"),
    path("holdings/<str:organisation>/<str:reg_no>/", holdings.holding, name="holding"),
    path("holdings/<str:organisation>/<str:reg_no>/edit/", editing.edit, name="edit"),
    path("holdings/<str:organisation>/<str:reg_no>/retire/", editing.retire, name="retire"),
    path("holdings/<str:organisation>/<str:reg_no>/remove/", editing.remove, name="remove"),
    path("stores/", stores.stores, name="stores"),
    path("stores/new/", stores.new, name="store-new"),
    path("stores/<slug:code>/", stores.store, name="store"),
    path("stores/<slug:code>/edit/", stores.edit, name="store-edit"),
    path("stores/<slug:code>/health/", stores.health, name="health"),
    path("stores/<slug:code>/map/", maps.show, name="map"),
    path("stores/<slug:code>/map/edit/", maps.edit, name="map-edit"),
    path("stores/<slug:code>/map/check/", maps.check, name="map-check"),
    path("stores/<slug:code>/map/sketch/", maps.sketch, name="map-sketch"),
    path("maps/<slug:code>/confirm/", stores.confirm, name="confirm"),
]
