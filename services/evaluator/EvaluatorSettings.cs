namespace TsVlm.Evaluator;

/// <summary>How the evaluator uses its machine.</summary>
public sealed record EvaluatorSettings
{
    /// <summary>Threads for inference and for the baselines' distances.</summary>
    public int NumThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where models predict: <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or <c>auto</c> for the first GPU where there is one.</summary>
    public string Device { get; init; } = "auto";
}
