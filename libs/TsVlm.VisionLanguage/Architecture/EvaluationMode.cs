namespace TsVlm.VisionLanguage.Architecture;

/// <summary>Switches a model's dropout off for as long as this lives.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly Llava model;
    private readonly bool wasTraining;

    public EvaluationMode(Llava model)
    {
        this.model = model;
        wasTraining = model.training;
        model.eval();
    }

    public void Dispose() => model.train(wasTraining);
}
