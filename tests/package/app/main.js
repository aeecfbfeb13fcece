// Ten lines of a page: one row of iris, and where asked for, a training and a model that is a graph.
import { open } from 'tepal';
import { train } from 'tepal/train';

const model = await open('./iris.tepal');
const row = { 'sepal length (cm)': 5.1, 'sepal width (cm)': 3.5, 'petal length (cm)': 1.4, 'petal width (cm)': 0.2 };
const trained = await train(fetch('./iris.csv'), { target: 'species' });
const graph = await open('./graph.tepal');
const [said, again] = [model.predict(row), trained.predict(row)];
document.title = JSON.stringify({ said, again, graph: graph.describe().estimator });
