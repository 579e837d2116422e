using System.Collections;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class GradientStepTests
{
    [Fact]
    public void A_step_stopped_between_two_micro_batches_has_changed_nothing()
    {
        using var model = SmallTraining.Model();
        var parameters = TrainedParameters.Choose(model, SmallTraining.Recipe);
        using var optimizer = new AdamW(parameters, 0);
        var step = new GradientStep(model, parameters, optimizer, _ => 1, 1, seed: 0);
        using var batch = Batch.Of(SmallTraining.Samples(2), SmallTraining.Format);
        var before = SmallTraining.Weights(model);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => { step.Run(0, 1, new StoppingList([batch, batch, batch], stop), stop.Token); });
        Assert.Equal(before, SmallTraining.Weights(model));
        Assert.All(optimizer.State, moments => Assert.Equal(0, moments.First.abs().max().item<float>()));
        step.Run(0, 1, [batch, batch, batch], TestContext.Current.CancellationToken);
        Assert.NotEqual(before, SmallTraining.Weights(model));
    }

    /// <summary>Micro-batches of which taking the second asks for a stop.</summary>
    private sealed class StoppingList(IReadOnlyList<Batch> batches, CancellationTokenSource stop) : IReadOnlyList<Batch>
    {
        public int Count => batches.Count;

        public Batch this[int index]
        {
            get
            {
                if (index == 1) stop.Cancel();
                return batches[index];
            }
        }

        public IEnumerator<Batch> GetEnumerator() => batches.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
