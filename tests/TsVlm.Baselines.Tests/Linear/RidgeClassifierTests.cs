using TsVlm.Baselines.Linear;

namespace TsVlm.Baselines.Tests.Linear;

public sealed class RidgeClassifierTests
{
    /// <summary>Fewer cases than features, as many, and more; two classes and three; a class without a case; a constant feature.</summary>
    public static TheoryData<int, int, int> Shapes() =>
        new() { { 12, 40, 2 }, { 12, 40, 3 }, { 10, 10, 3 }, { 40, 6, 2 }, { 40, 6, 4 }, { 2, 5, 2 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Leave_one_out_equals_really_leaving_each_case_out(int numCases, int numFeatures, int numClasses)
    {
        var (features, classes) = Problem(numCases, numFeatures, numClasses);
        var ridge = Fit(features, classes, numClasses);
        var scales = Scales(features);
        double ErrorOf(double lambda) =>
            Decisions(lambda).SelectMany((row, i) => row.Select((value, k) => Math.Pow(value - Target(classes[i], k), 2))).Sum();
        double[][] Decisions(double lambda) => [.. Enumerable.Range(0, numCases).Select(left =>
            Solve([.. features.Where((_, i) => i != left)], [.. classes.Where((_, i) => i != left)], scales, numClasses, lambda,
                features[left]))];

        Assert.Equal(RidgeClassifier.Lambdas.MinBy(ErrorOf), ridge.Lambda);
        var expected = Decisions(ridge.Lambda);
        for (var i = 0; i < numCases; i++) Assert.Equal(expected[i], ridge.LeaveOneOut[i], (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Decision_values_solve_the_ridge_equations(int numCases, int numFeatures, int numClasses)
    {
        var (features, classes) = Problem(numCases, numFeatures, numClasses);
        var ridge = Fit(features, classes, numClasses);
        var (fresh, _) = Problem(5, numFeatures, numClasses, seed: 2);
        var decisions = ridge.Decide(fresh);
        for (var i = 0; i < fresh.Length; i++)
        {
            var expected = Solve(features, classes, Scales(features), numClasses, ridge.Lambda, fresh[i]);
            Assert.Equal(expected, decisions[i], (a, b) => Math.Abs(a - b) < 1e-7);
        }
    }

    [Fact]
    public void Lambdas_are_evenly_spaced_in_their_logarithm_from_a_thousandth_to_a_thousand()
    {
        Assert.Equal(10, RidgeClassifier.Lambdas.Count);
        Assert.Equal([0.001, 0.0046416, 1000], [RidgeClassifier.Lambdas[0], RidgeClassifier.Lambdas[1],
            RidgeClassifier.Lambdas[9]], (a, b) => Math.Abs(a / b - 1) < 1e-5);
    }

    [Fact]
    public void The_temperature_has_the_least_cross_entropy_of_left_out_cases()
    {
        var (features, classes) = Problem(60, 8, 3, noise: 3);
        var ridge = Fit(features, classes, 3);
        double CrossEntropy(double inverse) => ridge.LeaveOneOut.Select((row, i) =>
        {
            var log = row.Select(value => inverse * value - Math.Log(row.Sum(other => Math.Exp(inverse * other)))).ToArray();
            return -(1 - 1.0 / 62) * log[classes[i]] - 1.0 / 62 * (log.Sum() - log[classes[i]]) / 2;
        }).Sum();
        Assert.InRange(ridge.InverseTemperature, 0.02, 99);
        Assert.True(CrossEntropy(ridge.InverseTemperature) < CrossEntropy(ridge.InverseTemperature * 1.01));
        Assert.True(CrossEntropy(ridge.InverseTemperature) < CrossEntropy(ridge.InverseTemperature / 1.01));
    }

    [Fact]
    public void The_most_probable_class_is_the_predicted_one_and_probabilities_sum_to_one()
    {
        var (features, classes) = Problem(20, 30, 3, noise: 2);
        var ridge = Fit(features, classes, 4);
        foreach (var decision in ridge.Decide(Problem(50, 30, 3, seed: 5).Features))
        {
            var probabilities = ridge.Probabilities(decision);
            Assert.Equal(RidgeClassifier.ClassOf(decision), probabilities.IndexOf(probabilities.Max()));
            Assert.NotEqual(3, RidgeClassifier.ClassOf(decision));
            Assert.Equal(1, probabilities.Sum(), 12);
            Assert.All(probabilities, probability => Assert.True(probability is > 0 and < 1));
        }
    }

    [Fact]
    public void One_case_or_one_class_or_constant_features_are_enough()
    {
        Assert.Equal([[-1, 1]], Fit([[3, 4]], [1], 2).Decide([[9, 9]]));
        Assert.Equal([[1]], Fit([[3, 4], [5, 6]], [0, 0], 1).Decide([[9, 9]]));
        // Thirds are not exact: rounding must not become a feature.
        var constant = Fit([.. Enumerable.Repeat(new[] { 1f / 3, 0f }, 7)], [0, 0, 0, 0, 1, 1, 1], 2);
        Assert.Equal([1 / 7.0, -1 / 7.0], constant.Decide([[0.5f, 1]])[0], (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Cases_that_do_not_match_are_refused()
    {
        Assert.Contains("0 cases", Assert.Throws<ArgumentException>(() => Fit([], [], 2)).Message);
        Assert.Contains("Case 1: expected 1 features", Assert.Throws<ArgumentException>(() => Fit([[1], [1, 2]], [0, 1], 2)).Message);
        Assert.Contains("from 0 to 1, found 2", Assert.Throws<ArgumentException>(() => Fit([[1]], [2], 2)).Message);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => Fit([[float.NaN]], [0], 2)).Message);
        var ridge = Fit([[1], [2]], [0, 1], 2);
        Assert.Contains("Expected 1 features", Assert.Throws<ArgumentException>(() => ridge.Decide([[1, 2]])).Message);
        Assert.Empty(ridge.Decide([]));
    }

    /// <summary>Two columns that tell the class among two thousand of noise: one penalty for all would not hear them.</summary>
    [Fact]
    public void A_part_of_few_columns_is_heard_where_it_tells_more_and_left_out_where_it_tells_nothing()
    {
        var random = new Random(4);
        int[] classes = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        float[][] Features(Func<int, float> telling) => [.. classes.Select(c => (float[])[
            .. Enumerable.Range(0, 500).Select(_ => random.NextSingle()), telling(c) + (0.3f * random.NextSingle()), random.NextSingle()])];
        FeatureParts parts = new([500, 2], [[1, 0], [0.9, 0.1], [0.1, 0.9]]);
        RidgeClassifier Parted(float[][] features) =>
            RidgeClassifier.Fit(features[..100], classes[..100], 2, parts, TestContext.Current.CancellationToken);
        double Accuracy(RidgeClassifier ridge, float[][] features) =>
            ridge.Decide(features[100..]).Zip(classes[100..]).Average(pair => RidgeClassifier.ClassOf(pair.First) == pair.Second ? 1 : 0.0);

        var clear = Features(c => c);
        Assert.Equal([0.1, 0.9], Parted(clear).Shares);
        Assert.Equal(1, Accuracy(Parted(clear), clear));
        Assert.InRange(Accuracy(Fit(clear[..100], classes[..100], 2), clear), 0, 0.9);

        // The first of equals: a part that is constant tells nothing, whatever its share.
        var constant = Features(_ => 0).Select(row => (float[])[.. row[..500], 1, 1]).ToArray();
        Assert.Equal([1, 0], Parted(constant).Shares);
        Assert.Contains("sum to 502", Assert.Throws<ArgumentException>(() =>
            RidgeClassifier.Fit(clear, classes, 2, parts with { Sizes = [500, 3] }, TestContext.Current.CancellationToken)).Message);
    }

    /// <summary>
    /// Float32 features of equal images differ in their last digits by what they were computed with; that must not be learnt.
    /// </summary>
    [Fact]
    public void Columns_that_are_constant_but_for_rounding_are_no_features()
    {
        int[] classes = [0, 0, 0, 1, 1, 1];
        float[][] features = [.. classes.Select(c => new[] { 0.3f + (c * 6e-8f), 5f + (c * 9.5e-7f) })];
        var decisions = Fit(features, classes, 2).Decide(features);
        Assert.All(decisions, decision => Assert.Equal(0, decision[0], 1e-12));
    }

    private static RidgeClassifier Fit(float[][] features, int[] classes, int numClasses) =>
        RidgeClassifier.Fit(features, classes, numClasses, cancellationToken: TestContext.Current.CancellationToken);

    private static double Target(int trueClass, int k) => trueClass == k ? 1 : -1;

    private static (float[][] Features,
        int[] Classes) Problem(int numCases, int numFeatures, int numClasses, int seed = 1, double noise = 1)
    {
        var random = new Random(seed);
        int[] classes = [.. Enumerable.Range(0, numCases).Select(i => i % numClasses)];
        return ([.. classes.Select(c => Enumerable.Range(0, numFeatures)
            .Select(j => j == 3 ? 0.1f : (float)(noise * (random.NextDouble() - 0.5) + (j % numClasses == c ? 0.7 : 0) + j)).ToArray())],
            classes);
    }

    private static double[] Scales(float[][] features) =>
    [
        .. Enumerable.Range(0, features[0].Length).Select(j =>
        {
            var mean = features.Average(row => (double)row[j]);
            var length = Math.Sqrt(features.Sum(row => (row[j] - mean) * (row[j] - mean)));
            return length < 1e-9 ? double.PositiveInfinity : length;
        }),
    ];

    /// <summary>Decision values of one case: the normal equations with an unpenalised intercept, by Gaussian elimination.</summary>
    private static double[] Solve(float[][] features, int[] classes, double[] scales, int numClasses, double lambda, float[] query)
    {
        var size = scales.Length + 1;
        double Scaled(float[] row, int j) => j == scales.Length ? 1 : row[j] / scales[j];
        var table = new double[size, size + numClasses];
        for (var a = 0; a < size; a++)
        {
            for (var b = 0; b < size; b++)
                table[a, b] = features.Sum(row => Scaled(row, a) * Scaled(row, b)) + (a == b && a < scales.Length ? lambda : 0);
            for (var k = 0; k < numClasses; k++)
                table[a, size + k] = features.Select((row, i) => Scaled(row, a) * Target(classes[i], k)).Sum();
        }
        for (var pivot = 0; pivot < size; pivot++)
        {
            for (var row = 0; row < size; row++)
            {
                if (row == pivot) continue;
                var factor = table[row, pivot] / table[pivot, pivot];
                for (var column = pivot; column < size + numClasses; column++) table[row, column] -= factor * table[pivot, column];
            }
        }
        return [.. Enumerable.Range(0, numClasses)
            .Select(k => Enumerable.Range(0, size).Sum(a => Scaled(query, a) * table[a, size + k] / table[a, a]))];
    }
}
