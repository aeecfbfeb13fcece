//! The names of the tools.

pub(super) const XGBOOST: &str = "XGBoost";
pub(super) const LIGHTGBM: &str = "LightGBM";
pub(super) const CATBOOST: &str = "CatBoost";
pub(super) const ONNX: &str = "ONNX";
