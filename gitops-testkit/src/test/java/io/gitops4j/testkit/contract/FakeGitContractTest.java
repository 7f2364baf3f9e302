package io.gitops4j.testkit.contract;

import io.gitops4j.spi.GitRepository;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import java.util.List;

class FakeGitContractTest extends GitContract {

    @Override
    protected GitRepository given(List<Step> steps) {
        FakeRepository repository = FakeGit.create().repository("https://git.example.com/contract.git");
        String last = "";
        for (Step step : steps) {
            boolean known = repository.refs().containsKey("refs/heads/" + step.branch());
            FakeRepository.Change change =
                    repository.change(step.message()).on(step.branch()).files(step.files());
            last = (known || last.isEmpty() ? change : change.from(last)).push();
            if (!step.tag().isEmpty()) {
                repository.tag(step.tag(), last);
            }
        }
        return repository;
    }
}
