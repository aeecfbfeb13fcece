import { open } from 'tepal/inline';

const model = await open('./iris.tepal');
const row = { 'sepal length (cm)': 5.1, 'sepal width (cm)': 3.5, 'petal length (cm)': 1.4, 'petal width (cm)': 0.2 };
const graph = await open('./graph.tepal');
document.title = JSON.stringify({ said: model.predict(row), graph: graph.describe().estimator });
