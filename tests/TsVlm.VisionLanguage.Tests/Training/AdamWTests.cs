using TsVlm.VisionLanguage.Tests.Architecture;
using TsVlm.VisionLanguage.Training;
using static TorchSharp.torch;
using ParamGroup = TorchSharp.Modules.AdamW.ParamGroup;

namespace TsVlm.VisionLanguage.Tests.Training;

[Collection(TorchTests.Name)]
public sealed class AdamWTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void Twenty_steps_equal_torch_s_own_optimizer(double weightDecay)
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);
        using var mine = nn.Linear(7, 5);
        using var theirs = nn.Linear(7, 5);
        theirs.load_state_dict(mine.state_dict());
        var parameters = TrainedParameters.Choose(mine, _ => true, learningRate: 0.01, projectorLearningRate: 0);
        using var optimizer = new AdamW(parameters, weightDecay);
        using var reference = optim.AdamW(
            (ParamGroup[])[
                new([theirs.weight!], new() { weight_decay = weightDecay }), new([theirs.bias!], new() { weight_decay = 0 }),
            ], lr: 0.005);
        using var generator = new Generator(1);
        for (var step = 0; step < 20; step++)
        {
            var inputs = rand([3, 7], generator: generator);
            foreach (var layer in new[] { mine, theirs })
            {
                layer.zero_grad();
                layer.forward(inputs).square().sum().backward();
            }
            optimizer.Step(step, scheduleFactor: 0.5);
            reference.step();
        }
        foreach (var (expected, actual) in theirs.parameters().Zip(mine.parameters())) Close.To(expected, actual, 1e-6, "weight");
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays_as_it_is()
    {
        using var layer = nn.Linear(2, 2);
        using var optimizer = new AdamW(TrainedParameters.Choose(layer, _ => true, 1, 1), weightDecay: 0.5);
        var before = layer.weight!.bytes.ToArray();
        optimizer.Step(0, 1);
        Assert.Equal(before, layer.weight.bytes.ToArray());
    }
}
